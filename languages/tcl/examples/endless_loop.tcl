while {true} {
}
