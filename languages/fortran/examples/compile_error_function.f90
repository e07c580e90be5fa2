use, intrinsic :: iso_fortran_env
implicit none
answer = missing // input_str
