import type { ScriptTables, TableLine } from './script-tables.ts';

/** Text in single quotes, for fish: only these two characters are special there. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A fish function that prints what the table says of its argument. */
function lookup(name: string, lines: readonly TableLine[]): string {
  const cases = lines.flatMap(({ key, value }) => {
    const words = value.split('\n').map((line) => quoted(line));
    return [
      `        case ${quoted(key.replaceAll('*', '\\*'))}`,
      `            printf '%s\\n' ${words.join(' ')}`,
    ];
  });
  return `function ${name}\n    switch $argv[1]\n${cases.join('\n')}\n    end\nend\n`;
}

/** The completion script for fish 3 and newer. */
export function fishScript(tables: ScriptTables): string {
  return [
    '# fish completion for lastgood, made by `lastgood completion fish`.',
    '# lastgood completion fish > ~/.config/fish/completions/lastgood.fish',
    '',
    lookup('__lastgood_children', tables.children),
    lookup('__lastgood_options', tables.options),
    lookup('__lastgood_option_value', tables.optionValues),
    lookup('__lastgood_argument', tables.arguments),
    MACHINE,
  ].join('\n');
}

const MACHINE = `function __lastgood_offer
    set -l kind $argv[1]
    set -l cur $argv[2]
    set -l before $argv[3]
    set -l near $argv[4..-1]
    set -l typed (commandline -opc)
    switch "$kind"
        case file
            __fish_complete_path $cur
            return
        case folder
            __fish_complete_directories $cur ''
            return
    end
    # Of names separated by commas the last one is completed.
    if string match -q '*,*' -- $cur
        set before $before(string replace -r '[^,]*$' '' -- $cur)
    end
    switch "$kind"
        case 'words:*'
            printf "$before%s\\n" (string split ' ' -- (string replace 'words:' '' -- $kind))
        case 'list:*'
            set -l list (string replace 'list:' '' -- $kind)
            set -l offered ($typed[1] $near __complete $list 2>/dev/null)
            test -n "$offered"; and printf "$before%s\\n" $offered
    end
end

function __lastgood_complete
    set -l typed (commandline -opc)
    set -l cur (commandline -ct)
    set -l at ''
    set -l pending ''
    set -l position 0
    set -l only_arguments 0
    set -l near
    for word in $typed[2..-1]
        if test -n "$pending"
            contains -- $pending --data --url --token-file; and set -a near $pending $word
            set pending ''
        else if test "$word" = --
            set only_arguments 1
        else if string match -qr '^--(data|url|token-file)=' -- $word
            set -a near $word
        else if string match -q -- '-*' $word; and test $only_arguments = 0
            test -n "$(__lastgood_option_value "$at|$word")"; and set pending $word
        else if test $position = 0; and contains -- $word \\
            (__lastgood_children $at | string replace -r '\\t.*' '')
            set at (string trim -- "$at $word")
        else
            set position (math $position + 1)
        end
    end
    if test -n "$pending"
        __lastgood_offer "$(__lastgood_option_value "$at|$pending")" "$cur" '' $near
    else if string match -qr '^--[^=]+=' -- $cur; and test $only_arguments = 0
        set -l option (string replace -r '=.*' '' -- $cur)
        set -l value (string replace -r '^[^=]*=' '' -- $cur)
        __lastgood_offer "$(__lastgood_option_value "$at|$option")" "$value" "$option=" $near
    else if string match -q -- '-*' $cur; and test $only_arguments = 0
        __lastgood_options $at
    else if test -n "$(__lastgood_children $at)"
        __lastgood_children $at
    else
        set -l kind "$(__lastgood_argument "$at|$position")"
        test -z "$kind"; and set kind "$(__lastgood_argument "$at|*")"
        __lastgood_offer "$kind" "$cur" '' $near
    end
end

complete -c lastgood -f -a '(__lastgood_complete)'
`;
