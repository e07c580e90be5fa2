var
  number, sum: int64;
begin
  sum := 0;
  while not eof do
  begin
    readln(number);
    sum := sum + number;
  end;
  writeln(sum);
end.
