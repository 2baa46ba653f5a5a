using Microsoft.Playwright;

namespace Gateway.Host.Tests.Console.Browser;

/// <summary>Screen and colour scheme of a visit.</summary>
public sealed record Look(string Name, int Width, int Height, ColorScheme Colours = ColorScheme.Light, bool IsPhone = false)
{
    public static readonly Look Desktop = new("desktop", 1440, 900);
    public static readonly Look Dark = new("dark", 1440, 900, ColorScheme.Dark);
    public static readonly Look Phone = new("phone", 390, 844, IsPhone: true);
    public static readonly Look SmallPhone = new("small-phone", 360, 740, IsPhone: true);
    public static readonly Look DarkPhone = new("dark-phone", 390, 844, ColorScheme.Dark, IsPhone: true);

    public BrowserNewContextOptions Options => new()
    {
        ViewportSize = new() { Width = Width, Height = Height },
        ColorScheme = Colours,
        IsMobile = IsPhone,
        HasTouch = IsPhone,
        DeviceScaleFactor = IsPhone ? 2 : 1,
        TimezoneId = "Europe/Berlin",
        Locale = "en-GB",
    };

    public override string ToString() => Name;
}
