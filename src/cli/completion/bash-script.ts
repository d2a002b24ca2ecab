import { quoted, type ScriptTables, type TableLine } from './script-tables.ts';

/** A bash function that sets REPLY to what the table says of `$1`, else to ''. */
function lookup(name: string, lines: readonly TableLine[]): string {
  const cases = lines.map(({ key, value }) => `    ${quoted(key)}) REPLY=${quoted(value)} ;;`);
  return `${name}() {\n  case $1 in\n${cases.join('\n')}\n    *) REPLY= ;;\n  esac\n}\n`;
}

/** Words alone: bash shows no descriptions. */
function namesOnly(lines: readonly TableLine[]): readonly TableLine[] {
  return lines.map(({ key, value }) => ({ key, value: value.replace(/\t.*$/gm, '') }));
}

/** The completion script for bash 4 and newer, with or without the package bash-completion. */
export function bashScript(tables: ScriptTables): string {
  return [
    '# bash completion for lastgood, made by `lastgood completion bash`.',
    '# Put `source <(lastgood completion bash)` into ~/.bashrc.',
    '',
    lookup('_lastgood_children', namesOnly(tables.children)),
    lookup('_lastgood_options', namesOnly(tables.options)),
    lookup('_lastgood_option_value', tables.optionValues),
    lookup('_lastgood_argument', tables.arguments),
    MACHINE,
  ].join('\n');
}

/**
 * Walks the words before the cursor: a word that names a child goes down, an option with a value
 * swallows the next word, anything else is an argument. `=` is a word of its own to bash.
 */
const MACHINE = `_lastgood_offer() {
  local kind=$1 cur=$2 before= IFS=$'\\n'
  case $kind in
    file) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return ;;
    folder) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur")); return ;;
    words:*) REPLY=\${kind#words:}; REPLY=\${REPLY// /$'\\n'} ;;
    list:*) REPLY=$("\${reach[@]}" 2>/dev/null "\${near[@]}" __complete "\${kind#list:}") ;;
    *) return ;;
  esac
  # Of names separated by commas the last one is completed.
  if [[ $cur == *,* ]]; then before=\${cur%,*},; cur=\${cur##*,}; fi
  COMPREPLY=($(compgen -P "$before" -W "$REPLY" -- "$cur"))
}

_lastgood() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path= pending= word REPLY i
  local -i position=0 only_arguments=0
  local -a reach=("\${COMP_WORDS[0]/#\\~/$HOME}") near=()
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $pending ]]; then
      [[ $word == '=' ]] && continue
      case $pending in
        --data | --url | --token-file) near+=("$pending" "\${word/#\\~/$HOME}") ;;
      esac
      pending=
    elif [[ $word == -- ]]; then
      only_arguments=1
    elif [[ $word == -* && $only_arguments == 0 ]]; then
      _lastgood_option_value "$path|$word"
      [[ -n $REPLY ]] && pending=$word
    else
      _lastgood_children "$path"
      if [[ $position == 0 && $'\\n'$REPLY$'\\n' == *$'\\n'"$word"$'\\n'* ]]; then
        path=\${path:+$path }$word
      else
        position+=1
      fi
    fi
  done
  [[ $cur == '=' ]] && cur=
  if [[ -n $pending ]]; then
    _lastgood_option_value "$path|$pending"
    _lastgood_offer "$REPLY" "$cur"
  elif [[ $cur == -* && $only_arguments == 0 ]]; then
    _lastgood_options "$path"
    _lastgood_offer "words:\${REPLY//$'\\n'/ }" "$cur"
  else
    _lastgood_children "$path"
    if [[ -n $REPLY ]]; then
      _lastgood_offer "words:\${REPLY//$'\\n'/ }" "$cur"
      return
    fi
    _lastgood_argument "$path|$position"
    [[ -z $REPLY ]] && _lastgood_argument "$path|*"
    _lastgood_offer "$REPLY" "$cur"
  fi
}

complete -F _lastgood lastgood
`;
