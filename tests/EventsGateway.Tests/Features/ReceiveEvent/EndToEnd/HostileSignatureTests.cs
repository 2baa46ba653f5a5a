using System.Text;
using Gateway.EventsGateway.Tests.EndToEnd;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

public sealed class HostileSignatureTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private const int Seed = 14_2026;

    private static readonly byte[] Body = new Webhooks().Next().ToBytes();
    private static readonly string Right = Signature.Of(Body, GatewayHost.Secret);

    /// <summary>A change of the header, and the expected answer.</summary>
    private static readonly (string Name, Func<Random, string[]> Lines, int Status)[] Kinds =
    [
        ("R14: a byte above 0x7F in 64", random => Header(With(Right, random, (char)random.Next(0x80, 0x100))), 401),
        ("R14: 64 bytes above 0x7F", random => Header(Text(random, 64, 0x80, 0x100)), 401),
        ("R14: UTF-8 of 64 bytes", _ => Header(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(new string('é', 32)))), 401),
        ("too short", random => Header(Right[..random.Next(1, 64)]), 401),
        ("too long", random => Header(Right + Text(random, random.Next(1, 300), '0', ':')), 401),
        ("twice over", _ => Header(Right + Right), 401),
        ("a digit flipped", random => Header(Flipped(random)), 401),
        ("64 other hex digits", random => Header(Text(random, 64, '0', ':')), 401),
        ("no hex digit in it", random => Header(With(Right, random, (char)random.Next('g', 'z' + 1))), 401),
        ("a space in it", random => Header(With(Right, random, ' ', from: 1, to: 63)), 401),
        ("a prefix", _ => Header($"sha256={Right}"), 401),
        ("quoted", _ => Header($"\"{Right}\""), 401),
        ("any visible text", random => Header(Text(random, random.Next(1, 200), 0x21, 0x7F)), 401),
        ("empty", _ => Header(""), 401),
        ("blank", _ => Header(" \t "), 401),
        ("missing", _ => [], 401),
        ("the right one twice", _ => [.. Header(Right), .. Header(Right)], 401),
        ("the right one after an empty one", _ => [.. Header(""), .. Header(Right)], 401),
        ("the right one after a wrong one", random => [.. Header(Flipped(random)), .. Header(Right)], 401),
        ("two in one line", _ => Header($"{Right}, {Right}"), 401),
        ("the right one", _ => Header(Right), 202),
        ("the right one in upper case", _ => Header(Right.ToUpperInvariant()), 202),
        ("the right one in mixed case", random => Header(Mixed(random)), 202),
        ("the right one, header name in another case", _ => [$"X-SIGNATURE: {Right}"], 202),
        ("the right one between blanks, which HTTP takes off", _ => [$"x-signature: \t {Right} \t"], 202),
    ];

    /// <summary>Characters that RFC 9110 forbids in a field value: the server itself may reject them with 400.</summary>
    private static readonly char[] NoServerTakes = ['\0', '\r', '\n'];

    [Fact]
    [Trait("Defect", "R14")]
    public async Task Hostile_signature_is_answered_401_and_never_500()
    {
        var random = new Random(Seed);
        var surprises = new List<string>();
        for (var i = 0; i < 500; i++)
        {
            var (name, lines, status) = Kinds[i % Kinds.Length];
            var answered = (await AskAsync(lines(random))).Status;
            if (answered != status) surprises.Add($"#{i} {name}: {answered}");
        }

        surprises.ShouldBeEmpty();
    }

    [Fact]
    public async Task Control_characters_in_a_signature_are_answered_400_or_401()
    {
        var random = new Random(Seed);
        foreach (var control in Enumerable.Range(0, 32).Select(code => (char)code).Append('\x7F'))
        {
            var answer = await AskAsync(Header(With(Right, random, control, from: 1, to: 63)));

            if (answer.Status != 401) NoServerTakes.ShouldContain(control, $"0x{(int)control:x2} was answered {answer.Status}");
            answer.Status.ShouldBeOneOf(400, 401);
        }
    }

    [Fact]
    public async Task Answer_to_an_invalid_signature_reveals_nothing_else()
        => (await AskAsync(Header(new string('é', 64)))).Text.ShouldContain("\"message\":\"Invalid signature\"");

    private Task<RawAnswer> AskAsync(string[] lines)
        => RawConnection.AskAsync(gateway.Host.Address, RawConnection.Head(Body.Length, lines), Body);

    private static string[] Header(string value) => [$"x-signature: {value}"];

    private static string With(string text, Random random, char other, int from = 0, int to = 64)
    {
        var characters = text.ToCharArray();
        characters[random.Next(from, to)] = other;
        return new string(characters);
    }

    private static string Flipped(Random random)
    {
        var at = random.Next(64);
        return With(Right, random, Right[at] == '0' ? '1' : '0', at, at + 1);
    }

    private static string Mixed(Random random)
        => string.Concat(Right.Select(digit => random.Next(2) == 0 ? digit : char.ToUpperInvariant(digit)));

    private static string Text(Random random, int length, int from, int to)
        => string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next(from, to)));
}
