program unicode
    implicit none
    character(len=1000) :: line

    read (*, '(A)') line
    print '(A)', '«' // trim(line) // '»'
end program
