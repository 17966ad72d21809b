import asyncio


async def fetch(url):
    reader, writer = await asyncio.open_connection(url, 80)
    data = await reader.read()
    writer.close()
    return data
