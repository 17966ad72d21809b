local function fill(n)
  return n
end

local function grind(n)
  return n * 3
end
