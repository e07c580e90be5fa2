fun main() {
    val text = "five"
    val number: Int = text
    println(number)
}
