def solve(text) do
  twice(text)
end

defp twice(text), do: text <> text
