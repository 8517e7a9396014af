using EmailTracking.Connectors;
using EmailTracking.Tests.Mailboxes.Servers;

namespace EmailTracking.Tests.Mailboxes;

[Trait(MailServer.Trait, MailServer.Any)]
public sealed class FolderTests
{
    [DovecotFact("Cyrus takes no quotation mark in the name of a folder.")]
    public async Task Folders_are_listed_with_their_role_and_name_the_inbox_first()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.CreateFolderAsync("Projects/Größe & Maß/日本語");
        await ana.CreateFolderAsync("INBOX/Alpha/Beta");
        await ana.CreateFolderAsync("Trash/Old");
        await ana.CreateFolderAsync("A & B \"quoted\"");
        await using var session = await Opening.OpenAsync(ana);

        var folders = await session.ListFoldersAsync(CancellationToken.None);

        Assert.Equal("Inbox", folders[0].Name);
        Assert.Equal(
            [
                "A & B \"quoted\": None",
                "Inbox/Alpha/Beta: None, under the Inbox",
                "Inbox/Alpha: None, under the Inbox",
                "Inbox: Inbox",
                "Projects/Größe & Maß/日本語: None",
                "Projects/Größe & Maß: None",
                "Projects: None",
                "Sent: Sent",
                "Trash/Old: Aside",
                "Trash: Aside",
            ],
            folders.Select(folder => $"{folder.Name}: {folder.Role}{(folder.IsUnderInbox ? ", under the Inbox" : "")}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_folder_with_letters_of_other_scripts_is_read_by_its_path()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.CreateFolderAsync("Größe & Maß/日本語");
        await ana.DeliverAsync("Größe & Maß/日本語", DovecotMailbox.Mail("a@x"));
        await using var session = await Opening.OpenAsync(ana);
        var folder = await session.FolderAsync("Größe & Maß/日本語");

        await using var another = await Opening.OpenAsync(ana);
        var arrivals = await another.ArrivalsAsync(folder);

        Assert.Single(arrivals.Items);
    }

    [Fact]
    public async Task Two_thousand_folders_are_listed_with_their_numbering_in_one_question()
    {
        var server = await MailServer.GetAsync();
        await using var ana = server.CreateUser();
        await ana.CreateFoldersAsync(Enumerable.Range(0, 2_000).Select(number => $"Folder {number}"));
        await using var wire = new Wire(server.PlainPort);
        await using var session = await Opening.OpenAsync(ana, wire);
        var before = wire.Commands.Length;

        var folders = await session.ListFoldersAsync(CancellationToken.None);

        Assert.Equal(2_003, folders.Count);
        Assert.All(folders, folder => Assert.NotEqual(0u, folder.Validity));
        Assert.Equal(1, wire.Commands.Length - before);
    }

    [Fact]
    public async Task A_renamed_folder_keeps_its_numbering_and_its_old_path_is_gone()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.CreateFolderAsync("Before");
        await ana.DeliverAsync("Before", DovecotMailbox.Mail("a@x"));
        await using var session = await Opening.OpenAsync(ana);
        var before = await session.FolderAsync("Before");
        var mark = (await session.ArrivalsAsync(before)).Mark;

        await ana.RenameFolderAsync("Before", "After");

        var gone = await Assert.ThrowsAsync<MailServerException>(() => session.ArrivalsAsync(before, mark));
        Assert.Equal(ServerProblemKind.FolderGone, gone.Kind);
        var after = await session.FolderAsync("After");
        Assert.Equal(mark.Validity, after.Validity);
        Assert.Empty((await session.ArrivalsAsync(after, mark)).Items);
    }

    [Fact]
    public async Task A_folder_deleted_while_it_is_read_is_gone_and_the_session_goes_on()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.CreateFolderAsync("Short");
        await ana.DeliverAsync("Short", DovecotMailbox.Mail("a@x"));
        await using var session = await Opening.OpenAsync(ana);
        var folder = await session.FolderAsync("Short");
        var item = Assert.Single((await session.ArrivalsAsync(folder)).Items);

        await ana.DeleteFolderAsync("Short");

        var gone = await Assert.ThrowsAsync<MailServerException>(() => session.FetchAsync(folder, item.Id, 1_000_000, CancellationToken.None));
        Assert.Equal(ServerProblemKind.FolderGone, gone.Kind);
        Assert.DoesNotContain(await session.ListFoldersAsync(CancellationToken.None), other => other.Name == "Short");
    }

    [Fact]
    public async Task A_folder_made_again_under_its_name_has_another_numbering()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.CreateFolderAsync("Again");
        await using var session = await Opening.OpenAsync(ana);
        var before = await session.FolderAsync("Again");
        var mark = (await session.ArrivalsAsync(before)).Mark;

        await ana.DeleteFolderAsync("Again");
        await ana.CreateFolderAsync("Again");
        await ana.DeliverAsync("Again", DovecotMailbox.Mail("b@x"));

        var arrivals = await session.ArrivalsAsync(before, mark);
        Assert.True(arrivals.IsRenumbered);
        Assert.Single(arrivals.Items);
    }

    [Fact]
    public async Task A_server_without_special_use_is_understood_by_names()
    {
        await using var server = new ReplayServer();
        server.On("LIST \"\" \"*\"", async question =>
        {
            await question.SayAsync("* LIST () \".\" INBOX");
            await question.SayAsync("* LIST () \".\" INBOX.Sent");
            await question.SayAsync("* LIST () \".\" \"Gel&APY-schte Elemente\"");
            await question.SayAsync("* LIST () \".\" \"Gel&APY-schte Elemente.Sent\"");
            await question.SayAsync("* LIST (\\Noselect) \".\" Container");
            await question.SayAsync("* LIST () \".\" Container.Sent");
            await question.SayAsync($"{question.Tag} OK");
        });
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);

        var folders = await session.ListFoldersAsync(CancellationToken.None);

        Assert.Equal(
            ["Inbox: Inbox", "Container/Sent: None", "Gelöschte Elemente: Aside", "Gelöschte Elemente/Sent: Aside", "Inbox/Sent: Sent"],
            folders.Select(folder => $"{folder.Name}: {folder.Role}"));
    }

    [Theory]
    [InlineData("a",  "b", "c",   "a",  "b",  "c")]
    [InlineData("a",  "b", "b",   "a",  null, null)]  // One that two folders have tells neither.
    [InlineData("a",  "b", "c!",  null, null, null)]  // Cyrus 3.6.1: bytes of freed memory.
    [InlineData("a",  "b", "NIL", "a",  "b",  null)]
    public async Task Folder_ids_that_can_be_none_are_not_believed(
        string inbox, string first, string second, string? inboxId, string? firstId, string? secondId)
    {
        await using var server = new ReplayServer { Capabilities = "LIST-EXTENDED LIST-STATUS OBJECTID" };
        server.On("LIST \"\" \"*\"", async question =>
        {
            foreach (var (folder, id) in new[] { ("INBOX", inbox), ("A", first), ("B", second) })
            {
                await question.SayAsync($"* LIST () \"/\" {folder}");
                await question.SayAsync($"* STATUS {folder} (UIDVALIDITY 1{(id == "NIL" ? "" : $" MAILBOXID ({id})")})");
            }

            await question.SayAsync($"{question.Tag} OK");
        });
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);

        var folders = await session.ListFoldersAsync(CancellationToken.None);

        Assert.Equal(
            [("Inbox", inboxId), ("A", firstId), ("B", secondId)],
            folders.Select(folder => (folder.Name, folder.Id)));
    }

    [Fact]
    public async Task No_more_folders_are_taken_than_are_looked_at()
    {
        await using var server = new ReplayServer();
        server.On("LIST \"\" \"*\"", async question =>
        {
            for (var number = 0; number <= ServerFolder.CountMax; number++)
            {
                await question.SayAsync($"* LIST () \".\" F{number}");
            }

            await question.SayAsync($"{question.Tag} OK");
        });
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);

        Assert.Equal(ServerFolder.CountMax, (await session.ListFoldersAsync(CancellationToken.None)).Count);
    }
}
