# Papo em português do Brasil: what lies over the chat, fetched when it is first needed. en.ftl has the same keys.

## Rooms

room-new-title = Criar uma sala
room-new-lead = Todo mundo do servidor pode entrar.
room-new-lead-guest = Todo mundo do servidor pode entrar. A sala some quando ficar vazia.
room-new-name = Nome da sala
room-new-tip = Até 40 letras, números, espaços, hífens e sublinhados.
room-new-submit = Criar sala
bell-is-on = Você vai receber um aviso quando alguém escrever em { $room }.
bell-denied = O navegador não deixa o Papo avisar. Permita as notificações nas configurações deste site.

## People

profile-here = Em { $room } agora
profile-away = Fora desta sala
profile-username = Usuário
profile-email = E-mail
profile-no-email = não informado
profile-since = No Papo desde
profile-failed = Não deu para carregar o perfil.
profile-guest = Entrou sem conta: quando sair, o nome fica livre.
profile-gone = Esta pessoa já saiu, e o nome ficou livre.

## Writing and attaching

attachments = Anexos
attach-queued = Na fila
attach-progress = { $sent } de { $total }
attach-ready = { $size } · pronto
attach-too-large = Passa do limite de { $size }
attach-too-many = { $count ->
    [one] Só cabe { $count } anexo por mensagem.
   *[other] Só cabem { $count } anexos por mensagem.
}
attach-failed = Não enviado.
attach-waiting = Esperando a conexão.
attach-retry-now = Tentar agora
attach-quota = Seu espaço para anexos acabou.
attach-no-space = O servidor está sem espaço.
attach-retry = Tentar de novo
attach-sending = Enviando { $name }
attach-cancel = Cancelar o envio de { $name }
attach-remove = Remover { $name }

## Files

file-download = Baixar
kind-pdf = PDF
kind-archive = compactado
kind-document = documento
kind-sheet = planilha
kind-slides = apresentação
kind-audio = áudio
kind-video = vídeo
kind-image = imagem
kind-text = texto
kind-code = código
kind-other = arquivo

## Looking at an image

lightbox = Imagem
lightbox-position = { $index } de { $count }
lightbox-previous = Imagem anterior
lightbox-next = Próxima imagem
lightbox-download = Baixar

## Preferences

pref-language = Idioma
pref-theme = Tema
pref-theme-system = Sistema
pref-theme-light = Claro
pref-theme-dark = Escuro

## Dialogs

cancel = Cancelar
