uses SysUtils;

var
  words: TStringArray;
  i, j: integer;
  text: string;
begin
  words := input_str.Split([' ']);
  for i := 0 to High(words) do
    for j := i + 1 to High(words) do
      if StrToInt(words[j]) < StrToInt(words[i]) then
      begin
        text := words[i];
        words[i] := words[j];
        words[j] := text;
      end;
  result := string.Join(' ', words);
end;
