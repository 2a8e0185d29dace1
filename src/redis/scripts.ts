// What Redis does in one step. Each script gets full keys; numbers are milliseconds, except scores, which are microseconds
// so that what is stored in one millisecond keeps its order.

/**
 * Stores a value, and deletes the oldest values of its groups beyond their limits. A group is a sorted set of keys by the
 * time at which they no longer count, and a hash of their sizes.
 *
 * KEYS: the key, then a sorted set and a hash for each group. ARGV: value, ttl; then max, maxBytes (-1: unlimited) and age
 * for each group.
 */
export const SET_BOUNDED = `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
for i = 1, (#KEYS - 1) / 2 do
  local set, sizes = KEYS[2 * i], KEYS[2 * i + 1]
  local max, maxBytes, age = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', now)) do redis.call('HDEL', sizes, key) end
  redis.call('ZREMRANGEBYSCORE', set, '-inf', now)
  redis.call('ZADD', set, string.format('%.0f', now + age * 1000), KEYS[1])
  redis.call('HSET', sizes, KEYS[1], #ARGV[1])
  local count, total = redis.call('ZCARD', set), 0
  if maxBytes >= 0 then
    for _, size in ipairs(redis.call('HVALS', sizes)) do total = total + size end
  end
  while count > max or (maxBytes >= 0 and total > maxBytes) do
    local oldest = redis.call('ZRANGE', set, 0, 0)[1]
    if oldest == nil or oldest == KEYS[1] then break end
    total = total - (redis.call('HGET', sizes, oldest) or 0)
    redis.call('DEL', oldest)
    redis.call('ZREM', set, oldest)
    redis.call('HDEL', sizes, oldest)
    count = count - 1
  end
  redis.call('PEXPIRE', set, age)
  redis.call('PEXPIRE', sizes, age)
end
return 1`;

/** KEYS: the bucket. ARGV: size, tokens per millisecond. @returns milliseconds to wait, as text; "0": a token was taken */
export const TAKE_TOKEN = `
local size, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local bucket = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = size
if bucket[1] then level = math.min(size, bucket[1] + (now - bucket[2]) * rate) end
if level < 1 then return string.format('%.3f', (1 - level) / rate) end
redis.call('HSET', KEYS[1], 'level', string.format('%.17g', level - 1), 'at', string.format('%.17g', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((size - level + 1) / rate) + 1000)
return '0'`;
