function solve(input_str) result(answer)
    implicit none
    character(len=*), intent(in) :: input_str
    character(len=:), allocatable :: answer

    answer = twice(input_str)

contains

    function twice(text)
        character(len=*), intent(in) :: text
        character(len=2*len(text)) :: twice

        twice = text // text
    end function
end function
