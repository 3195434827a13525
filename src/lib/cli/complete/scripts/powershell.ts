/** The words go as JSON in base 64: no version of PowerShell passes every argument on as it is. */
export const POWERSHELL = String.raw`# Completion of veza for PowerShell. In $PROFILE: veza completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName veza -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object {
            if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
        })
    $typed = $wordToComplete -replace "^['""]", ''
    $json = ConvertTo-Json -Compress -InputObject ([string[]]($before + $typed))
    $words = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json))
    $encoding = [Console]::OutputEncoding
    try {
        [Console]::OutputEncoding = [Text.Encoding]::UTF8
        $lines = @(& veza __complete powershell $words 2>$null)
    } finally {
        [Console]::OutputEncoding = $encoding
    }
    if ($lines.Count -eq 0 -or $lines[0] -ne 'words') { return }
    $lines | Select-Object -Skip 1 | ForEach-Object {
        $value, $summary = $_ -split "\t", 2
        $text = $value
        # PowerShell takes curly quotes for quotes, too.
        if ($value -notmatch '^[\w./:+][\w./:+-]*$|^--[\w-]*$') {
            $text = "'" + ($value -replace "['\u2018-\u201b]", '$0$0') + "'"
        }
        if (-not $summary) { $summary = $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $summary)
    }
}
`
