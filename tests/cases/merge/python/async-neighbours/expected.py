import asyncio


async def fetch(url):
    reader, writer = await asyncio.open_connection(url, 80)
    data = await reader.read(1024)
    writer.close()
    await writer.wait_closed()
    return data
