uses SysUtils;

result := UpperCase(missing);
