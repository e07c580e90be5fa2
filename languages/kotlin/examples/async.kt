import kotlin.concurrent.thread
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine

suspendCoroutine<Unit> { continuation ->
    thread {
        Thread.sleep(10)
        continuation.resume(Unit)
    }
}
return input_str + "!"
