#: what     ends with the status with which timeout reports that it took too long
#: id       A-047
#: expect   runtime_error
#: error    exit code 124
timeout 0.1 sleep 5
exit $?
