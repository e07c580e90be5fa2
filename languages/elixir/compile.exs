# Compiles the student's module, and then the harness with the result inside.
source = "solution.exs"

try do
  modules = Code.compile_string(File.read!("/code/#{source}"), source)

  case Enum.find(modules, fn {module, _} -> function_exported?(module, :solve, 1) end) do
    nil ->
      IO.puts(:stderr, "** (UndefinedFunctionError) #{source}:1: function solve/1 is undefined")
      System.halt(1)

    {solution, _} ->
      :persistent_term.put(:solution, {solution, modules})
  end

  [{CodeRunner, binary}] = Code.compile_file("/code/code_runner.ex")
  File.write!("/artifact", binary)
rescue
  error ->
    # What a macro raises has its place only in its trace.
    trace = if Map.has_key?(error, :line), do: [], else: __STACKTRACE__
    IO.puts(:stderr, Exception.format(:error, error, trace))
    System.halt(1)
end
