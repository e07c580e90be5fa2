function twice(text) {
    return text text
}

function solve(text) {
    return twice(text)
}
