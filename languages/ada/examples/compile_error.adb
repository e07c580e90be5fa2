procedure Compile_Error is
begin
   Missing_Procedure;
end Compile_Error;
