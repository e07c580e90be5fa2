const
  size = 1000000;
var
  block: pointer;
begin
  while true do
  begin
    getmem(block, size);
    fillchar(block^, size, 1);
  end;
end.
