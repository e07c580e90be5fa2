program compile_error
    implicit none
    print *, missing
end program
