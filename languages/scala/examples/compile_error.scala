object Main {
  def main(args: Array[String]): Unit = {
    val number: Int = "two"
    println(number)
  }
}
