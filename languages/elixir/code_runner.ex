# Calls `solve/1` of the student's module once and keeps the answer.
defmodule CodeRunner do
  {solution, modules} = :persistent_term.get(:solution)
  @solution solution
  @modules modules

  # In a process of its own: one that ends another that is linked to it shall not end this one.
  def start do
    {:ok, _} = Application.ensure_all_started(:elixir)
    :ok = :io.setopts([:binary, encoding: :unicode])
    :ok = :io.setopts(:standard_error, encoding: :unicode)
    {_, monitor} = spawn_monitor(&run/0)

    receive do
      {:DOWN, ^monitor, :process, _, reason} -> fail(:exit, reason, [])
    end
  end

  defp run do
    for {module, binary} <- @modules do
      {:module, _} = :code.load_binary(module, 'solution.exs', binary)
    end

    answer = text(@solution.solve(read_all([])))
    {:ok, file} = :file.open('/answer', [:write, :raw, :binary])
    :ok = :file.write(file, ["=", answer])
    :erlang.halt(0)
  catch
    kind, reason ->
      fail(kind, reason, Enum.reject(__STACKTRACE__, &(elem(&1, 0) == __MODULE__)))
  end

  defp fail(kind, reason, trace) do
    IO.puts(:stderr, Exception.format(kind, reason, trace))
    :erlang.halt(1)
  end

  defp read_all(parts) do
    case :io.get_chars("", 65536) do
      :eof -> IO.iodata_to_binary(Enum.reverse(parts))
      part -> read_all([part | parts])
    end
  end

  defp text(answer) when is_binary(answer), do: answer

  defp text(answer) do
    to_string(answer)
  rescue
    _ -> inspect(answer)
  end
end
