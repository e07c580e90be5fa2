use, intrinsic :: iso_fortran_env, only: int64
implicit none
integer(int64), allocatable :: numbers(:)
character(len=100) :: text
integer :: count, i

count = 1
do i = 1, len(input_str)
    if (input_str(i:i) == ' ') count = count + 1
end do
allocate (numbers(count))
read (input_str, *) numbers
do i = 1, count
    numbers(i:) = cshift(numbers(i:), minloc(numbers(i:), dim=1) - 1)
end do
write (text, '(*(I0, :, 1X))') numbers
answer = trim(text)
