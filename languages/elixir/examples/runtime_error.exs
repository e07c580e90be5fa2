defmodule Divider do
  def divide(number, divisor) do
    div(number, divisor)
  end
end

IO.puts(Divider.divide(1, 0))
