/**
 * The same speech from other places: for each one a piece of code that works as it stands. Each is made of
 * strings written as JSON, which all these languages read.
 *
 * @typedef {object} Settings
 * @property {string} origin of the server: `https://voice.example`
 * @property {string} model
 * @property {string} voice id; empty where the model is the voice
 * @property {string} text
 * @property {number} sampleRate Hz
 * @property {Record<string, unknown>} session further fields of `session.update`
 * @property {boolean} key whether the server wants one
 *
 * @typedef {object} Snippet
 * @property {string} id
 * @property {string} file what to call it
 * @property {boolean} ran whether a test of this project runs it as it stands
 * @property {(settings: Settings) => string} make
 */

/** @type {Snippet[]} */
export const SNIPPETS = [
  { id: 'curl', file: 'speak.sh', ran: true, make: curl },
  { id: 'browser', file: 'speak.html', ran: true, make: browser },
  { id: 'java', file: 'Speak.java', ran: true, make: java },
  { id: 'python', file: 'speak.py', ran: true, make: python },
  { id: 'unity', file: 'VoicebridgeSpeaker.cs', ran: false, make: unity },
  { id: 'godot', file: 'speaker.gd', ran: false, make: godot },
  { id: 'dify', file: 'dify.txt', ran: false, make: dify },
  { id: 'amadeus', file: 'amadeus.txt', ran: false, make: amadeus },
];

/** As a voice comes; what is no different needs no word. */
const NORMAL = { speech_rate: [0.5, 2, 1], pitch_rate: [0.5, 2, 1], volume: [0, 100, 50] };

/**
 * What an address wishes for a model, as far as the model can:
 * `speech_rate=1.25&pitch_rate=…&volume=…&language_type=…&instructions=…&optimize_instructions=true&enable_ssml=true`.
 *
 * @param {URLSearchParams} wish
 * @param {object} [model] of the list
 * @returns {Record<string, unknown>} fields of `session.update`
 */
export function wished(wish, model) {
  const can = (name) => (model?.abilities ?? []).includes(name) && wish.get(name);
  const session = {};
  for (const [name, [least, most, normal]] of Object.entries(NORMAL)) {
    const value = Number(can(name) || normal);
    if (value >= least && value <= most && value !== normal) session[name] = value;
  }
  const language = wish.get('language_type');
  if (language !== 'Auto' && (model?.languages ?? []).includes(language)) session.language_type = language;
  if (can('instructions')) session.instructions = wish.get('instructions');
  for (const name of ['optimize_instructions', 'enable_ssml']) if (can(name) === 'true') session[name] = true;
  return session;
}

/** The sample rate that an address wishes, Hz, where the model has it; else the model's own. */
export function wishedRate(wish, model) {
  const rate = Number(wish.get('sample_rate'));
  return (model?.sample_rates ?? []).includes(rate) ? rate : (model?.default_sample_rate ?? 24_000);
}

const quoted = (value) => JSON.stringify(value);

/** JSON that may stand inside a script element. */
const inHtml = (value) => JSON.stringify(value).replace(/</g, '\\u003c');

function fields({ voice, sampleRate, session }) {
  const set = Object.entries({ voice, sample_rate: sampleRate, ...session });
  return Object.fromEntries(set.filter(([, value]) => value !== undefined && value !== ''));
}

function address({ origin, model }) {
  return `${origin.replace(/^http/, 'ws')}/v1/realtime?model=${encodeURIComponent(model)}`;
}

/** A JSON message as a string literal of a C-like language. */
const message = (event) => quoted(JSON.stringify(event));

function messages(settings) {
  return [
    { type: 'session.update', session: { mode: 'commit', response_format: 'pcm', ...fields(settings) } },
    { type: 'input_text_buffer.append', text: settings.text },
    { type: 'input_text_buffer.commit' },
    { type: 'session.finish' },
  ];
}

/** A word of a shell, whatever is in it. */
const inShell = (text) => `'${text.replace(/'/g, `'\\''`)}'`;

function curl({ origin, model, voice, text, session, key }) {
  const header = key ? '\n  -H "authorization: Bearer $VOICEBRIDGE_KEY" \\' : '';
  const { speech_rate: speed, instructions } = session;
  const body = JSON.stringify({ model, voice, input: text, speed, instructions, response_format: 'wav' }, null, 2);
  return `curl -sS --fail-with-body ${origin}/v1/audio/speech -o speech.wav \\${header}
  -H 'content-type: application/json' \\
  -d ${inShell(body)}
`;
}

/** What to type into a form, a line each. */
function form(lines) {
  return `${lines.map(([name, value]) => `${name}: ${value}`).join('\n')}\n`;
}

function dify({ origin, model, voice, key }) {
  return form([
    ['Model provider', 'OpenAI-API-compatible'],
    ['Model Type', 'TTS'],
    ['Model Name', model],
    ['API Key', key ? '<a key of this server>' : '<anything>'],
    ['API endpoint URL', `${origin}/v1`],
    ['Available Voices (comma-separated)', voice],
  ]);
}

function amadeus({ origin, model, voice, session, key }) {
  return form([
    ['API base URL', `${origin}/v1`],
    ['API key', key ? '<a key of this server>' : '<anything>'],
    ['Model', model],
    ['Voice id', voice],
    ['Spoken language', session.language_type ?? 'zh / ja / en'],
    ['Speed', session.speech_rate ?? 1],
  ]);
}

function browser(settings) {
  const { origin, model, text, key, sampleRate } = settings;
  const ticket = key
    ? `
    // Your own server asks ${origin}/v1/realtime/tickets with its key; the key never comes here.
    ticket: async () => (await (await fetch('/my-ticket', { method: 'POST' })).json()).ticket,`
    : '';
  return `<!doctype html>
<meta charset="utf-8">
<title>Voicebridge</title>
<button>Speak</button>
<script type="module">
  import { Voicebridge } from ${inHtml(`${origin}/client/voicebridge.js`)};
  import { Player } from ${inHtml(`${origin}/client/player.js`)};

  const player = new Player();
  const bridge = new Voicebridge({
    url: ${inHtml(`${origin.replace(/^http/, 'ws')}/v1/realtime`)},
    model: ${inHtml(model)},
    session: ${inHtml(fields(settings))},${ticket}
  });
  document.querySelector('button').onclick = async () => {
    player.unlock(${sampleRate});
    bridge.cancel(player.stop());
    const { status, error } = await player.play(bridge.speak(${inHtml(text)}));
    document.title = error ? error.message : status;
  };
</script>
`;
}

function java(settings) {
  const header = settings.key ? `\n        .header("Authorization", "Bearer " + System.getenv("VOICEBRIDGE_KEY"))` : '';
  return `// java Speak.java   (a JDK 17 or newer, nothing else) writes speech.wav
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

public class Speak {
  public static void main(String[] args) throws Exception {
    ByteArrayOutputStream pcm = new ByteArrayOutputStream();
    CompletableFuture<Void> done = new CompletableFuture<>();
    WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder()${header}
        .buildAsync(URI.create(${quoted(address(settings))}), new WebSocket.Listener() {
          private final StringBuilder text = new StringBuilder();

          @Override
          public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer audio, boolean last) {
            byte[] bytes = new byte[audio.remaining()];
            audio.get(bytes);
            pcm.writeBytes(bytes);
            socket.request(1);
            return null;
          }

          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
              if (text.indexOf("\\"type\\":\\"error\\"") >= 0) done.completeExceptionally(new IllegalStateException(text.toString()));
              if (text.indexOf("\\"type\\":\\"session.finished\\"") >= 0) done.complete(null);
              text.setLength(0);
            }
            socket.request(1);
            return null;
          }

          @Override
          public void onError(WebSocket socket, Throwable error) {
            done.completeExceptionally(error);
          }

          @Override
          public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            done.completeExceptionally(new IllegalStateException("closed: " + code + " " + reason));
            return null;
          }
        }).join();
${messages(settings)
  .map((event) => `    socket.sendText(${message(event)}, true).join();`)
  .join('\n')}
    done.get(60, TimeUnit.SECONDS);
    socket.abort();
    AudioFormat format = new AudioFormat(${settings.sampleRate}, 16, 1, true, false);
    AudioInputStream sound = new AudioInputStream(new ByteArrayInputStream(pcm.toByteArray()), format, pcm.size() / 2);
    AudioSystem.write(sound, AudioFileFormat.Type.WAVE, new File("speech.wav"));
    System.out.println(pcm.size() / 2.0 / ${settings.sampleRate} + " s in speech.wav");
  }
}
`;
}

function python(settings) {
  const header = settings.key ? `, additional_headers={"Authorization": "Bearer " + os.environ["VOICEBRIDGE_KEY"]}` : '';
  return `# pip install websockets; python speak.py writes speech.wav
import json
${settings.key ? 'import os\n' : ''}import wave

from websockets.sync.client import connect

with connect(${quoted(address(settings))}${header}, max_size=None) as socket, wave.open("speech.wav", "wb") as wav:
    wav.setnchannels(1)
    wav.setsampwidth(2)
    wav.setframerate(${settings.sampleRate})
${messages(settings)
  .map((event) => `    socket.send(${message(event)})`)
  .join('\n')}
    for message in socket:
        if isinstance(message, bytes):
            wav.writeframes(message)  # 16-bit little-endian mono samples, as they come
            continue
        event = json.loads(message)
        if event["type"] == "error":
            raise SystemExit(event["error"]["message"])
        if event["type"] == "session.finished":
            break
    print(wav.getnframes() / ${settings.sampleRate}, "s in speech.wav")
`;
}

function unity(settings) {
  const header = settings.key ? `\n        socket.Options.SetRequestHeader("Authorization", "Bearer " + key);` : '';
  const [update] = messages(settings);
  return `// Put it on an object with an AudioSource; call Speak("…"). Sound begins with the first frame.
using System;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using UnityEngine;

[RequireComponent(typeof(AudioSource))]
public class VoicebridgeSpeaker : MonoBehaviour
{${settings.key ? '\n    public string key; // leave it empty in a build that players get: use a ticket of your server there' : ''}
    const int Rate = ${settings.sampleRate};
    readonly ConcurrentQueue<float> samples = new ConcurrentQueue<float>();
    readonly CancellationTokenSource gone = new CancellationTokenSource();
    ClientWebSocket socket;
    Task ready;

    void Awake()
    {
        ready = Open();
        // The clip asks for samples when it needs them and resamples to the device's rate.
        var clip = AudioClip.Create("voicebridge", Rate, 1, Rate, true, buffer =>
        {
            for (int i = 0; i < buffer.Length; i++) buffer[i] = samples.TryDequeue(out float sample) ? sample : 0f;
        });
        var source = GetComponent<AudioSource>();
        source.clip = clip;
        source.loop = true;
        source.Play();
    }

    public async void Speak(string text)
    {
        await ready;
        await Send("{\\"type\\":\\"input_text_buffer.append\\",\\"text\\":" + Quoted(text) + "}");
        await Send("{\\"type\\":\\"input_text_buffer.commit\\"}");
    }

    public async void Stop()
    {
        while (samples.TryDequeue(out _)) { }
        await ready;
        await Send("{\\"type\\":\\"response.cancel\\"}");
    }

    async Task Open()
    {
        socket = new ClientWebSocket();${header}
        await socket.ConnectAsync(new Uri(${quoted(address(settings))}), gone.Token);
        await Send(${message(update)});
        _ = Listen();
    }

    async Task Listen()
    {
        var bytes = new byte[64 * 1024];
        int odd = -1; // half a sample, when a frame is cut between its two bytes
        var text = new StringBuilder();
        while (socket.State == WebSocketState.Open)
        {
            var got = await socket.ReceiveAsync(new ArraySegment<byte>(bytes), gone.Token);
            if (got.MessageType == WebSocketMessageType.Binary)
            {
                for (int i = 0; i < got.Count; i++)
                {
                    if (odd < 0) { odd = bytes[i]; continue; }
                    samples.Enqueue((short)(odd | bytes[i] << 8) / 32768f);
                    odd = -1;
                }
            }
            else if (got.MessageType == WebSocketMessageType.Text)
            {
                text.Append(Encoding.UTF8.GetString(bytes, 0, got.Count));
                if (!got.EndOfMessage) continue;
                if (text.ToString().Contains("\\"type\\":\\"error\\"")) Debug.LogWarning(text);
                text.Clear();
            }
        }
    }

    Task Send(string message) =>
        socket.SendAsync(new ArraySegment<byte>(Encoding.UTF8.GetBytes(message)), WebSocketMessageType.Text, true, gone.Token);

    static string Quoted(string text)
    {
        var json = new StringBuilder("\\"");
        foreach (char c in text)
        {
            if (c == '"' || c == '\\\\') json.Append('\\\\').Append(c);
            else if (c < ' ') json.Append("\\\\u").Append(((int)c).ToString("x4"));
            else json.Append(c);
        }
        return json.Append('"').ToString();
    }

    void OnDestroy()
    {
        gone.Cancel();
        socket?.Dispose();
    }
}
`;
}

function godot(settings) {
  const header = settings.key ? `\n\tsocket.handshake_headers = ["Authorization: Bearer " + OS.get_environment("VOICEBRIDGE_KEY")]` : '';
  const [update] = messages(settings);
  return `# Godot 4. Put it on a node; call speak("…"). Sound begins with the first frame.
extends AudioStreamPlayer

const RATE := ${settings.sampleRate}

var socket := WebSocketPeer.new()
var waiting: Array[String] = [${message(update)}]
var samples := PackedVector2Array()

func _ready() -> void:
	var generator := AudioStreamGenerator.new()
	generator.mix_rate = RATE
	generator.buffer_length = 0.2
	stream = generator
	play()${header}
	socket.inbound_buffer_size = 1 << 20
	socket.connect_to_url(${quoted(address(settings))})

func speak(text: String) -> void:
	waiting.append(JSON.stringify({"type": "input_text_buffer.append", "text": text}))
	waiting.append(JSON.stringify({"type": "input_text_buffer.commit"}))

func silence() -> void:
	samples.clear()
	waiting.append(JSON.stringify({"type": "response.cancel"}))

func _process(_delta: float) -> void:
	socket.poll()
	if socket.get_ready_state() != WebSocketPeer.STATE_OPEN:
		return
	for message in waiting:
		socket.send_text(message)
	waiting.clear()
	while socket.get_available_packet_count() > 0:
		var packet := socket.get_packet()
		if socket.was_string_packet():
			var event: Dictionary = JSON.parse_string(packet.get_string_from_utf8())
			if event.type == "error":
				push_warning(event.error.message)
			continue
		for i in range(0, packet.size() - 1, 2):
			var value := packet.decode_s16(i) / 32768.0
			samples.append(Vector2(value, value))
	var playback: AudioStreamGeneratorPlayback = get_stream_playback()
	var count := mini(playback.get_frames_available(), samples.size())
	if count > 0:
		playback.push_buffer(samples.slice(0, count))
		samples = samples.slice(count)
`;
}
