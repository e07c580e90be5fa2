solve() {
    local text=$1
    echo "$text$text"
}
