program memory_hog
    implicit none

    type :: block
        integer :: numbers(250000)
        type(block), pointer :: next
    end type
    type(block), pointer :: first, last

    nullify (last)
    do
        allocate (first)
        first%numbers = 1
        first%next => last
        last => first
    end do
end program
