import scala.io.StdIn

object Main extends App {
  val line = StdIn.readLine()
  println(s"«$line»")
}
