using System.ComponentModel.DataAnnotations;

namespace Gateway.Shared.Sqlite;

public sealed class SqliteOptions
{
    public const string Section = "Gateway:Sqlite";

    /// <summary>The database file, relative to the content root.</summary>
    [Required(ErrorMessage = "must name a file")]
    public string Path { get; set; } = "data/gateway.db";
}
