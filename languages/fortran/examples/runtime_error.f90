program runtime_error
    integer :: numbers(3) = 0, index = 7
    numbers(index) = 1
    print *, numbers
end program
