#: what     ten thousand tasks, a pair of sockets, a server between own processes: benign
#: id       G-13 G-14
#: expect   ok
#: output   10000 pong
import asyncio


async def one():
    await asyncio.sleep(0)
    return 1


async def main():
    total = sum(await asyncio.gather(*(one() for _ in range(10_000))))

    async def answer(reader, writer):
        await reader.readline()
        writer.write(b"pong\n")
        writer.close()

    await asyncio.start_unix_server(answer, "/tmp/own")
    reader, writer = await asyncio.open_unix_connection("/tmp/own")
    writer.write(b"ping\n")
    print(total, (await reader.readline()).decode().strip())
    writer.close()


asyncio.run(main())
