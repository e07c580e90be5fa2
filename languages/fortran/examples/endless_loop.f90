program endless_loop
    implicit none
    integer :: number = 0

    do
        number = mod(number + 1, 1000)
        if (number < 0) print *, number
    end do
end program
