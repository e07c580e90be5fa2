fun main() {
    val text = "five"
    println(text.toInt())
}
