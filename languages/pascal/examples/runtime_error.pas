var zero: integer = 0;
begin
  writeln(1 div zero);
end.
