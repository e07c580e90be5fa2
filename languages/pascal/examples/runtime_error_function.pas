var zero: integer = 0;
begin
  str(1 div zero, result);
end;
