def fill(n)
  n
end

def grind(n)
  n * 2
end
