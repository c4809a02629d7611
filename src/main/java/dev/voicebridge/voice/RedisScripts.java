package dev.voicebridge.voice;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;

/**
 * What happens in one step inside of Redis (5 or later). Each script names all its keys, which
 * share a slot; see {@link RedisVoiceStore} for what they hold.
 */
final class RedisScripts {
  private static final String COMMON =
      """
      local meta, voices, providers, gone, used = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
      local previews = KEYS[6]
      local channel = ARGV[1]
      local function now()
        local time = redis.call('TIME')
        return time[1] * 1000 + math.floor(time[2] / 1000)
      end
      local function number(n) return string.format('%.0f', n) end
      local function text(value) return type(value) == 'string' and value or nil end
      local function nobodys(voice) return voice.origin == 'FOUND' and not text(voice.owner) end
      local function provider_key(voice)
        local id = text(voice.provider_voice_id)
        return id and (voice.provider .. '\\n' .. id) or nil
      end
      local function begin(library)
        if redis.call('HEXISTS', meta, 'library') == 0 then
          redis.call('HSET', meta, 'library', library, 'born', number(now()))
        end
      end
      local function tell(kind, json)
        local revision = redis.call('HINCRBY', meta, 'revision', 1)
        redis.call('PUBLISH', channel,
            '{"revision":' .. number(revision) .. ',"' .. kind .. '":' .. json .. '}')
      end
      local function unlink(voice)
        local key = provider_key(voice)
        if key and redis.call('HGET', providers, key) == voice.id then
          redis.call('HDEL', providers, key)
        end
      end
      local function bury(voice, version, at)
        unlink(voice)
        redis.call('HDEL', voices, voice.id)
        redis.call('HDEL', used, voice.id)
        redis.call('HDEL', previews, voice.id)
        local json = '{"id":"' .. voice.id .. '","version":' .. number(version)
            .. ',"at":' .. number(at) .. '}'
        redis.call('HSET', gone, voice.id, json)
        tell('gone', json)
      end
      -- Whose the provider's voice id is, if it stands in the way; a found voice gives way.
      local function claim(voice)
        local key = provider_key(voice)
        local holder = key and redis.call('HGET', providers, key)
        if not holder or holder == voice.id then return nil end
        local json = redis.call('HGET', voices, holder)
        if not json then return nil end
        local other = cjson.decode(json)
        if nobodys(voice) or not nobodys(other) then return json end
        bury(other, other.version + 1, now())
        return nil
      end
      local function store(voice, json, before)
        if before then unlink(before) end
        redis.call('HSET', voices, voice.id, json)
        local key = provider_key(voice)
        if key then redis.call('HSET', providers, key, voice.id) end
        tell('voice', json)
      end
      local function current(id)
        local json = redis.call('HGET', voices, id)
        return json, json and cjson.decode(json) or nil
      end
      """;

  /** library, record with its new version → status, what stands in the way. */
  static final String PUT =
      COMMON
          + """
          local library, json = ARGV[2], ARGV[3]
          local voice = cjson.decode(json)
          local before_json, before = current(voice.id)
          if not before and redis.call('HEXISTS', gone, voice.id) == 1 then return {'GONE'} end
          if (before and before.version or 0) ~= voice.version - 1 then
            return {'CONFLICT', before_json or ''}
          end
          local other = claim(voice)
          if other then return {'TAKEN', other} end
          begin(library)
          store(voice, json, before)
          return {'OK'}
          """;

  /** id, version → status, what stands in the way. */
  static final String DELETE =
      COMMON
          + """
          local json, voice = current(ARGV[2])
          if not voice then return {'NONE'} end
          if number(voice.version) ~= ARGV[3] then return {'CONFLICT', json} end
          bury(voice, voice.version + 1, now())
          return {'OK'}
          """;

  /** id, audio → whether there is such a record. */
  static final String KEEP_PREVIEW =
      COMMON
          + """
          if redis.call('HEXISTS', voices, ARGV[2]) == 0 then return 0 end
          redis.call('HSET', previews, ARGV[2], ARGV[3])
          return 1
          """;

  /** library, record as a copy has it → status. Only what is newer than Redis's own is taken. */
  static final String RESTORE =
      COMMON
          + """
          local library, json = ARGV[2], ARGV[3]
          local voice = cjson.decode(json)
          local _, before = current(voice.id)
          if before and before.version >= voice.version then return {'OLD'} end
          local grave = redis.call('HGET', gone, voice.id)
          if grave and cjson.decode(grave).version >= voice.version then return {'OLD'} end
          if claim(voice) then return {'TAKEN'} end
          begin(library)
          redis.call('HDEL', gone, voice.id)
          store(voice, json, before)
          return {'OK'}
          """;

  /** library, id, version, time of a deletion as a copy has it → status. */
  static final String RESTORE_GONE =
      COMMON
          + """
          local library, id, version, at = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
          local _, before = current(id)
          if before and before.version > version then return {'OLD'} end
          local grave = redis.call('HGET', gone, id)
          if grave and cjson.decode(grave).version >= version then return {'OLD'} end
          begin(library)
          bury(before or {id = id}, version, at)
          return {'OK'}
          """;

  /** → library, born, revision, time; then all records, deletions and uses, each flat. */
  static final String SNAPSHOT =
      COMMON
          + """
          redis.call('HSET', meta, 'seen', number(now()))
          local known = redis.call('HMGET', meta, 'library', 'born', 'revision')
          return {known[1] or '', known[2] or '0', known[3] or '0', number(now()),
              redis.call('HGETALL', voices), redis.call('HGETALL', gone),
              redis.call('HGETALL', used)}
          """;

  /** → library, revision, time. Writes, so that a server which can't is noticed. */
  static final String BEAT =
      COMMON
          + """
          redis.call('HSET', meta, 'seen', number(now()))
          local known = redis.call('HMGET', meta, 'library', 'revision')
          return {known[1] or '', known[2] or '0', number(now())}
          """;

  /** id, Unix ms. */
  static final String USED =
      COMMON
          + """
          local id, at = ARGV[2], ARGV[3]
          if redis.call('HEXISTS', voices, id) == 0 then return 0 end
          local before = redis.call('HGET', used, id)
          if before and tonumber(before) >= tonumber(at) then return 0 end
          redis.call('HSET', used, id, at)
          redis.call('PUBLISH', channel, '{"used":"' .. id .. '","at":' .. at .. '}')
          return 1
          """;

  /**
   * calls, period µs, longest wait µs, whether a lost list counts as a full one → how long to wait
   * (µs), and 1 when the call may go then; 0: nothing was reserved. The list holds the moments of
   * the last calls, newest first.
   */
  static final String RATE =
      """
      local pot = KEYS[1]
      local calls, period, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
      local time = redis.call('TIME')
      local now = time[1] * 1000000 + time[2]
      if ARGV[4] == '1' and redis.call('EXISTS', pot) == 0 then
        for _ = 1, calls do redis.call('LPUSH', pot, string.format('%.0f', now)) end
      end
      local oldest = redis.call('LINDEX', pot, calls - 1)
      local newest = redis.call('LINDEX', pot, 0)
      local go = now
      if oldest then go = math.max(go, tonumber(oldest) + period) end
      if newest then go = math.max(go, tonumber(newest)) end
      local wait = go - now
      if wait > longest then return {wait, 0} end
      redis.call('LPUSH', pot, string.format('%.0f', go))
      redis.call('LTRIM', pot, 0, calls - 1)
      redis.call('PEXPIRE', pot, math.ceil((wait + period) / 1000) + 1000)
      return {wait, 1}
      """;

  private RedisScripts() {}

  static Request eval(String script, List<String> keys, Object... arguments) {
    Request request = Request.cmd(Command.EVAL).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    for (Object argument : arguments) {
      request.arg(String.valueOf(argument));
    }
    return request;
  }
}
