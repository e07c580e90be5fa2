! Function mode: brings the input and keeps the answer of the student's function solve.
module code_runner
    use, intrinsic :: iso_c_binding
    use, intrinsic :: iso_fortran_env, only: output_unit, error_unit
    implicit none
    private
    public :: question, answer

    interface
        function c_read(file, data, size) bind(c, name="read") result(count)
            import
            integer(c_int), value :: file
            type(c_ptr), value :: data
            integer(c_size_t), value :: size
            integer(c_size_t) :: count ! of the same width as ssize_t, and signed in Fortran
        end function
        subroutine c_leave(status) bind(c, name="_exit")
            import
            integer(c_int), value :: status
        end subroutine
    end interface

contains

    ! All of the standard input.
    function question() result(text)
        character(len=:), allocatable :: text
        character(len=:), allocatable, target :: more, grown
        integer(c_size_t) :: used, count

        allocate (character(len=65536) :: more)
        used = 0
        do
            count = c_read(0_c_int, c_loc(more(used + 1:)), len(more, c_size_t) - used)
            if (count <= 0) exit
            used = used + count
            if (used == len(more, c_size_t)) then
                allocate (character(len=2*used) :: grown)
                grown(:used) = more
                call move_alloc(grown, more)
            end if
        end do
        text = more(:used)
    end function

    ! Keeps the answer and ends the process.
    subroutine answer(text)
        character(len=*), intent(in) :: text
        integer :: file

        flush (output_unit)
        flush (error_unit)
        open (newunit=file, file="/answer", access="stream", form="unformatted", status="old", action="write")
        write (file) "=", text
        close (file)
        call c_leave(0_c_int)
    end subroutine
end module
