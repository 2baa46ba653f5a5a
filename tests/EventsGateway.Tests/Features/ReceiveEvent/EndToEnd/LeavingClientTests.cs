using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

/// <summary>The buffer of a request is reused when its client disconnects: bodies must never mix.</summary>
public sealed class LeavingClientTests
{
    private const int Leavers = 500;
    private const int Stayers = 500;

    [Fact]
    public async Task Disconnected_clients_do_not_change_the_bodies_of_others()
    {
        await using var host = GatewayHost.Start();
        var sent = Webhooks().ToDictionary(webhook => webhook.EventId, webhook => webhook.ToBytes());
        var random = new Random(Leavers);
        var bodies = sent.Values.ToArray();
        random.Shuffle(bodies);
        var accepted = 0;

        await Parallel.ForEachAsync(bodies.Index(), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (turn, token) =>
        {
            if (turn.Index % 2 == 0)
            {
                // On a busy machine the broker may not confirm in time; a sender repeats.
                using var answer = await Until.TrueAsync(
                    () => host.Client.PostSignedAsync(turn.Item, token), answer => (int)answer.StatusCode != 503);
                await answer.AcceptedKeyAsync();
                Interlocked.Increment(ref accepted);
            }
            else
            {
                await LeaveAsync(host.Address, turn.Item, half: turn.Index % 4 == 1);
            }
        });

        accepted.ShouldBe(Stayers);
        await host.Client.SettledAsync();
        var stored = await host.Client.EventsAsync();
        stored.Count.ShouldBeInRange(Stayers, Stayers + Leavers / 2, "half of a body is not an event");
        foreach (var row in stored)
        {
            var body = (await host.Client.EventAsync(row.Text("key")!)).Text("body");
            body.ShouldBe(Encoding.UTF8.GetString(sent[row.Text("eventId")!]));
        }
    }

    [Fact]
    public async Task Request_without_its_body_does_not_block_others()
    {
        await using var host = GatewayHost.Start();
        var silent = new List<RawConnection>();
        for (var i = 0; i < 100; i++)
        {
            silent.Add(await RawConnection.OpenAsync(host.Address));
            await silent[i].SendAsync(RawConnection.Head(1000, "x-signature: 00"));
        }

        var answers = await Task.WhenAll(new Webhooks().Take(100).Select(webhook => host.Client.PostSignedAsync(webhook)));

        answers.ShouldAllBe(answer => (int)answer.StatusCode == 202);
        foreach (var connection in silent) connection.Reset();
    }

    private static IEnumerable<Webhook> Webhooks()
    {
        var random = new Random(Stayers);
        // Body lengths from one small buffer to several large ones.
        return new Webhooks().Take(Leavers + Stayers).Select(webhook => webhook with
        {
            Payload = new { owner = webhook.EventId, text = new string((char)random.Next('a', 'z'), random.Next(0, 40_000)) },
        });
    }

    private static async Task LeaveAsync(Uri address, byte[] body, bool half)
    {
        using var connection = await RawConnection.OpenAsync(address);
        var head = RawConnection.Head(body.Length, $"x-signature: {Signature.Of(body, GatewayHost.Secret)}");
        await connection.SendAsync((byte[])[.. head, .. half ? body[..(body.Length / 2)] : body]);
        connection.Reset();
    }
}
