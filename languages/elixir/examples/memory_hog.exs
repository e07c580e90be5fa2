defmodule Hog do
  def fill(blocks) do
    fill([Enum.to_list(1..100_000) | blocks])
  end
end

Hog.fill([])
