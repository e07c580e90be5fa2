procedure Runtime_Error is
begin
   raise Program_Error with "something went wrong";
end Runtime_Error;
