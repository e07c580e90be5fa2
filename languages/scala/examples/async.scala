import scala.concurrent.ExecutionContext.Implicits.global
import scala.concurrent.duration._
import scala.concurrent.{Await, Future}

val mark = Future {
  Thread.sleep(10)
  "!"
}
input_str + Await.result(mark, 1.second)
