using EmailTracking.Silo.Pages.Mail;

namespace EmailTracking.Tests.Unit.Pages;

public sealed class RecordTextTests
{
    private const string Id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";

    [Theory]
    [InlineData($"account/{Id}",                                                                        $"account/{Id}")]
    [InlineData($"  account/{Id} ",                                                                     $"account/{Id}")]
    [InlineData($"https://contoso.crm.dynamics.com/main.aspx?appid=1&pagetype=entityrecord&etn=incident&id={Id}", $"incident/{Id}")]
    [InlineData($"https://contoso.crm.dynamics.com/main.aspx?etn=incident&id=%7b{Id}%7d",               $"incident/{Id}")] // Older addresses have braces.
    [InlineData("https://contoso.crm.dynamics.com/main.aspx?etn=incident",                              null)]
    [InlineData($"https://contoso.crm.dynamics.com/main.aspx?id={Id}",                                  null)]
    [InlineData("account",                                                                              null)]
    [InlineData("",                                                                                     null)]
    [InlineData(null,                                                                                   null)]
    public void A_record_is_read_as_people_name_it(string? text, string? record) => Assert.Equal(record, RecordText.Read(text)?.ToString());
}
