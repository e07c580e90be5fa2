var number: integer;
begin
  number := missing + 1;
  writeln(number);
end.
