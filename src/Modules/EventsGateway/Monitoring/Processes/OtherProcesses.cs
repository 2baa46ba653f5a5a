using System.Text.Json;
using Gateway.Shared.Errors;
using Gateway.Shared.Processes;

namespace Gateway.EventsGateway.Monitoring.Processes;

/// <summary>What this process tells the others, and they tell it. Embedded has no others.</summary>
internal sealed class OtherProcesses(IProcessBoard? board = null)
{
    /// <summary>The name of this process among them.</summary>
    public string OwnId { get; } = Guid.NewGuid().ToString("n");

    /// <summary>Throws <see cref="BackendUnavailableException"/>.</summary>
    public Task TellAsync<T>(string topic, T told)
        => board is null
            ? Task.CompletedTask
            : board.WriteAsync(topic, OwnId, JsonSerializer.Serialize(told, JsonSerializerOptions.Web));

    /// <summary>
    /// What each of the others told last, and how long ago, without the texts of another version that this one cannot read. Throws
    /// <see cref="BackendUnavailableException"/>.
    /// </summary>
    public async Task<IReadOnlyList<(T Told, TimeSpan Age)>> ReadAsync<T>(string topic) where T : class
        => board is null
            ? []
            : [.. from note in await board.ReadAsync(topic)
                  where note.Process != OwnId
                  let told = Parse<T>(note.Text)
                  where told is not null
                  select (told, note.Age)];

    private static T? Parse<T>(string text) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
