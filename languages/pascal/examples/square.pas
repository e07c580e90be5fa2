uses
  SysUtils;

var
  number: int64;
begin
  number := StrToInt64(input_str);
  result := IntToStr(number * number);
end;
