   Number : Integer;
begin
   Number := Integer'Value (Input_Str);
   return Integer'Image (Number);
end;
