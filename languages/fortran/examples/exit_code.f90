program exit_code
    print '(A)', 'before'
    stop 3
end program
