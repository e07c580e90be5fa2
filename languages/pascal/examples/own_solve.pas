function twice(const text: string): string;
begin
  twice := text + text;
end;

function solve(input_str: string): string;
begin
  solve := twice(input_str);
end;
