def act(command):
    match command:
        case "go":
            return 1
        case "stop":
            return -1
        case _:
            return None
