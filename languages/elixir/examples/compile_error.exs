defmodule Greeter do
  def greet(name) do
    IO.puts("Hello, " <> nmae)
  end
end

Greeter.greet("world")
